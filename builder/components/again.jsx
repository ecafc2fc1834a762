// Asks again every few seconds while the page is looked at; shows nothing.
import { useEffect, useRef } from "react";

const AGAIN_MS = 4_000;

/** @param {{ onAgain: () => void }} props */
export function Again({ onAgain }) {
  const ask = useRef(onAgain);
  ask.current = onAgain;
  useEffect(() => {
    const again = () => document.visibilityState === "visible" && ask.current();
    const timer = setInterval(again, AGAIN_MS);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, []);
  return null;
}
