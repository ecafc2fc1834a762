/**
 * The keyboard as a table: key → command. The help (“?”) is printed from it, so both always agree.
 *
 * @typedef {"run" | "runStep" | "runFrom" | "undo" | "redo" | "copy" | "cut" | "paste" | "duplicate" | "selectAll" | "delete" | "palette" | "note" | "help" | "rename"
 *   | "open" | "leave" | "left" | "right" | "up" | "down" | "nudgeLeft" | "nudgeRight" | "nudgeUp" | "nudgeDown" | "next"
 *   | "previous" | "fit" | "zoomIn" | "zoomOut" | "tidy" | "problems"} Command
 * @typedef {{ command: Command, keys: string[], says: string, inFields?: boolean }} Shortcut
 * @typedef {{ key: string, ctrlKey?: boolean, metaKey?: boolean, shiftKey?: boolean, altKey?: boolean }} Press
 */

/** @type {Shortcut[]} In the order the help shows them. `inFields`: works while typing, too. */
export const SHORTCUTS = [
  { command: "run", keys: ["mod+enter"], says: "Run", inFields: true },
  { command: "runStep", keys: ["shift+enter"], says: "Run the chosen step alone" },
  { command: "runFrom", keys: ["mod+shift+enter"], says: "Run from the chosen step on" },
  { command: "palette", keys: ["/", "a"], says: "Add a step" },
  { command: "note", keys: ["n"], says: "Add a note" },
  { command: "open", keys: ["enter"], says: "Open the step’s settings, or write in the note" },
  { command: "rename", keys: ["f2"], says: "Rename the step" },
  { command: "delete", keys: ["delete", "backspace"], says: "Delete what is selected" },
  { command: "undo", keys: ["mod+z"], says: "Undo" },
  { command: "redo", keys: ["mod+shift+z", "mod+y"], says: "Redo" },
  { command: "copy", keys: ["mod+c"], says: "Copy" },
  { command: "cut", keys: ["mod+x"], says: "Cut" },
  { command: "paste", keys: ["mod+v"], says: "Paste" },
  { command: "duplicate", keys: ["mod+d"], says: "Duplicate" },
  { command: "selectAll", keys: ["mod+a"], says: "Select everything" },
  { command: "left", keys: ["arrowleft"], says: "Go to the step on the left" },
  { command: "right", keys: ["arrowright"], says: "Go to the step on the right" },
  { command: "up", keys: ["arrowup"], says: "Go to the step above" },
  { command: "down", keys: ["arrowdown"], says: "Go to the step below" },
  { command: "nudgeLeft", keys: ["shift+arrowleft"], says: "Move the selection left" },
  { command: "nudgeRight", keys: ["shift+arrowright"], says: "Move the selection right" },
  { command: "nudgeUp", keys: ["shift+arrowup"], says: "Move the selection up" },
  { command: "nudgeDown", keys: ["shift+arrowdown"], says: "Move the selection down" },
  { command: "next", keys: ["tab"], says: "Next step" },
  { command: "previous", keys: ["shift+tab"], says: "Previous step" },
  { command: "fit", keys: ["1"], says: "Show everything" },
  { command: "zoomIn", keys: ["+", "="], says: "Closer" },
  { command: "zoomOut", keys: ["-"], says: "Further away" },
  { command: "tidy", keys: ["t"], says: "Tidy up" },
  { command: "problems", keys: ["p"], says: "Show all problems" },
  { command: "help", keys: ["?"], says: "Show this list" },
  { command: "leave", keys: ["escape"], says: "Close, or select nothing" },
];

const BY_KEY = new Map(SHORTCUTS.flatMap((shortcut) => shortcut.keys.map((key) => [key, shortcut])));

/** What a key press means; nothing while somebody types, except where the table says so. @param {Press} press @param {boolean} typing @returns {Command | null} */
export function commandOf(press, typing) {
  const shortcut = BY_KEY.get(chord(press));
  if (!shortcut || (typing && !shortcut.inFields)) return null;
  return shortcut.command;
}

/** A press as the table spells it. Shift counts only with named keys and with mod: “?” already contains it. @param {Press} press */
export function chord(press) {
  if (press.altKey) return "";
  const key = press.key.toLowerCase();
  const mod = press.ctrlKey || press.metaKey;
  const shift = press.shiftKey && (key.length > 1 || mod);
  return `${mod ? "mod+" : ""}${shift ? "shift+" : ""}${key}`;
}

const WORDS = new Map(Object.entries({ arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", escape: "Esc", delete: "Del", backspace: "⌫", enter: "Enter", tab: "Tab" }));

/** A key as people read it: “Ctrl Z”, on a Mac “⌘ Z”. @param {string} key @param {boolean} [mac] @returns {string[]} */
export function keycaps(key, mac = false) {
  if (key === "+") return ["+"];
  return key.split("+").map((part) => {
    if (part === "mod") return mac ? "⌘" : "Ctrl";
    if (part === "shift") return mac ? "⇧" : "Shift";
    return WORDS.get(part) ?? part.toUpperCase();
  });
}
