/** Keys and the clipboard as commands; what a person types into a field stays theirs. */
import { useEffect } from "react";
import { clipOf, copied } from "../core/clipboard.js";
import { commandOf } from "../core/keyboard.js";

/** @typedef {import("../core/keyboard.js").Command} Command */
/** @typedef {import("../core/editor.js").Editor} Editor */

/** Only with the canvas itself in focus: elsewhere these keys walk from button to button. */
const ON_STAGE = new Set(["open", "next", "previous", "left", "right", "up", "down", "nudgeLeft", "nudgeRight", "nudgeUp", "nudgeDown"]);
/** The browser's own copy, cut and paste events do these. */
const BY_CLIPBOARD = new Set(["copy", "cut", "paste"]);

/** @param {Editor} editor @param {(command: Command) => boolean} does true when there was something to do */
export function useKeyboard(editor, does) {
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]:not(.gc-modal)")) return;
      const command = commandOf(event, isTyping(event.target) && !(hasNoText(event.target) && (event.ctrlKey || event.metaKey)));
      if (!command || BY_CLIPBOARD.has(command) || (ON_STAGE.has(command) && !isStage(event.target))) return;
      if (document.querySelector("dialog[open]") && command !== "leave") return;
      if (does(command)) event.preventDefault();
    };
    const onCopy = (/** @type {ClipboardEvent} */ event) => {
      const { selection } = editor.state;
      if (isTyping(event.target) || !(selection.steps.length || selection.notes.length) || !getSelection()?.isCollapsed) return;
      event.clipboardData?.setData("text/plain", copied(editor.shown, selection));
      event.preventDefault();
      if (event.type === "cut") does("delete");
    };
    const onPaste = (/** @type {ClipboardEvent} */ event) => {
      const clip = isTyping(event.target) ? null : clipOf(event.clipboardData?.getData("text/plain") ?? "");
      if (!clip) return;
      event.preventDefault();
      editor.clip = clip;
      does("paste");
    };
    addEventListener("keydown", onKey);
    addEventListener("copy", onCopy);
    addEventListener("cut", onCopy);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("copy", onCopy);
      removeEventListener("cut", onCopy);
      removeEventListener("paste", onPaste);
    };
  }, [editor, does]);
}

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** @param {EventTarget | null} target */
const isStage = (target) => target === document.body || (target instanceof HTMLElement && target.classList.contains("gc-stage"));

/** A select or a switch has nothing of its own to undo. @param {EventTarget | null} target */
const hasNoText = (target) => target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "checkbox");
