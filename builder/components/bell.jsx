// How much is new for this person, beside the inbox in the menu; asked again when the page is looked at, and now and then.
import { useEffect, useRef } from "react";

const AGAIN_MS = 30_000;

/** @param {{ count: number, onLook: () => void }} props */
export function Bell({ count, onLook }) {
  const look = useRef(onLook);
  look.current = onLook;
  useEffect(() => {
    const again = () => document.visibilityState === "visible" && look.current();
    again();
    const timer = setInterval(again, AGAIN_MS);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, []);
  if (!count) return null;
  const shown = count > 99 ? "99+" : String(count);
  return <b className="gl-bell" aria-label={`, ${count} new`}>{shown}</b>;
}
