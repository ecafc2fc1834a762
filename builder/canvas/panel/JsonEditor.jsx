// A value as JSON; what is no JSON yet stays in the box and changes nothing.
import { useEffect, useState } from "react";
import { Icon } from "../view/icons.jsx";

/** @param {{ id?: string, value: any, onChange: (value: any) => void }} props */
export function JsonEditor({ id, value, onChange }) {
  const written = value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
  const [typed, setTyped] = useState(written);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    if (read(typed).value === undefined || JSON.stringify(read(typed).value) !== JSON.stringify(value ?? null)) setTyped(written);
  }, [written]);
  const change = (/** @type {string} */ text) => {
    setTyped(text);
    const result = read(text);
    setWrong(result.problem ?? "");
    if (!result.problem) onChange(result.value);
  };
  return (
    <>
      <textarea id={id} className="gl-input gl-input--mono" spellCheck={false} value={typed} aria-invalid={!!wrong || undefined} onChange={(event) => change(event.target.value)} />
      {wrong && <span className="gl-error"><Icon name="circle-alert" size={14} />{wrong}</span>}
    </>
  );
}

/** @param {string} text @returns {{ value?: any, problem?: string }} */
function read(text) {
  if (!text.trim()) return { value: null };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `This is not JSON yet: ${error instanceof Error ? error.message : error}` };
  }
}
