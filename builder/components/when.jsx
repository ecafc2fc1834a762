// A moment as people tell it, in the reader's own time zone; the exact time is the tooltip.
import { useEffect, useState } from "react";

/** @typedef {[unit: Intl.RelativeTimeFormatUnit, seconds: number]} Step */
/** @type {Step} */
const MINUTE = ["minute", 60];
/** @type {Step[]} */
const STEPS = [MINUTE, ["hour", 3600], ["day", 86400]];
const WEEK_S = 7 * 86400;
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/**
 * @param {number} moment in milliseconds, as `now`
 * @param {number} now
 */
function told(moment, now) {
  const seconds = (moment - now) / 1000;
  if (Math.abs(seconds) > WEEK_S) return day.format(moment);
  if (Math.abs(seconds) < 45) return "just now";
  const [unit, size] = STEPS.findLast(([, size]) => Math.abs(seconds) >= size) ?? MINUTE;
  return ago.format(Math.round(seconds / size) || Math.sign(seconds), unit);
}

/**
 * `moment` is in seconds since 1970; 0 shows nothing.
 * @param {{ moment: number }} props
 */
export function When({ moment }) {
  const [now, setNow] = useState(/** @type {number | null} */ (null)); // null while the server draws: it does not know the reader's clock
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (!moment) return null;
  const date = new Date(moment * 1000);
  return (
    <time dateTime={date.toISOString()} title={now === null ? undefined : exact.format(date)} className="gl-when">
      {now === null ? "" : told(date.getTime(), now)}
    </time>
  );
}
