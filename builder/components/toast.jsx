// What is told after an action: stays a while, longer under the pointer, and is read out without taking the focus.
import { useEffect, useRef, useState } from "react";
import CircleAlert from "lucide-react/dist/esm/icons/circle-alert.mjs";
import CircleCheck from "lucide-react/dist/esm/icons/circle-check.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";

const SHOWN_MS = { good: 5_000, bad: 12_000 };

/** `notices` only grows at its end, each with its own number; what was shown once does not come again. */
export function Toasts({ notices }) {
  const seen = useRef(0);
  const [shown, setShown] = useState([]);

  useEffect(() => {
    const fresh = notices.filter((notice) => notice.number > seen.current);
    if (!fresh.length) return;
    seen.current = fresh.at(-1).number;
    setShown((before) => [...before, ...fresh].slice(-3));
  }, [notices]);

  const close = (number) => setShown((before) => before.filter((notice) => notice.number !== number));

  return (
    <div className="gl-toasts" role="region" aria-label="Notices" aria-live="polite">
      {shown.map((notice) => (
        <Toast key={notice.number} notice={notice} onClose={() => close(notice.number)} />
      ))}
    </div>
  );
}

function Toast({ notice, onClose }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onClose, SHOWN_MS[notice.kind]);
    return () => clearTimeout(timer);
  }, [held]);
  const bad = notice.kind === "bad";
  return (
    <div className={`gl-toast gl-tone--${bad ? "red" : "green"}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      {bad ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
      <div className="gl-grow">
        <p className="gl-toast__title">{notice.title}</p>
        {notice.text && <p className="gl-muted">{notice.text}</p>}
      </div>
      <button type="button" className="gl-toast__close" aria-label="Dismiss" onClick={onClose}>
        <X aria-hidden />
      </button>
    </div>
  );
}
