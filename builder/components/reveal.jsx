// Brings what it stands in into sight and the keyboard to its first field, each time its number changes.
import { useEffect, useRef } from "react";

/** @param {{ at: number }} props */
export function Reveal({ at }) {
  const mark = useRef(/** @type {HTMLSpanElement | null} */ (null));
  const seen = useRef(at);
  useEffect(() => {
    if (seen.current === at) return;
    seen.current = at;
    const place = mark.current?.parentElement;
    place?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    /** @type {HTMLElement | null | undefined} */ (place?.querySelector("textarea, input, select"))?.focus({ preventScroll: true });
  }, [at]);
  return <span ref={mark} hidden />;
}
