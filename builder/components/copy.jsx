// A text to take along: says for a moment that it was copied.
import { useState } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import CopyIcon from "lucide-react/dist/esm/icons/copy.mjs";

const SHOWN_MS = 1600;

/** @param {{ text: string, label?: string }} props */
export function Copy({ text, label = "Copy" }) {
  const [copied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  }

  return (
    <button type="button" className="gl-button gl-button--small" onClick={copy}>
      {copied ? <Check aria-hidden /> : <CopyIcon aria-hidden />}
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </button>
  );
}
