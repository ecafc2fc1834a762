// A menu of actions behind one button: a native popover, so it closes on Escape and on a click elsewhere.
import { useId, useRef } from "react";
import Ellipsis from "lucide-react/dist/esm/icons/ellipsis.mjs";

const GAP = 4;
const STEPS = new Map([["ArrowDown", 1], ["ArrowUp", -1]]);

/** @param {{ label: string, children?: import("react").ReactNode }} props */
export function Menu({ label, children }) {
  const id = useId();
  const trigger = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const menu = useRef(/** @type {HTMLDivElement | null} */ (null));

  function items() {
    /** @type {NodeListOf<HTMLElement> | undefined} */
    const found = menu.current?.querySelectorAll("[role=menuitem]:not(:disabled)");
    return [...(found ?? [])];
  }

  /** @param {import("react").ToggleEvent<HTMLDivElement>} event */
  function place(event) {
    if (event.newState !== "open" || !trigger.current) return;
    const button = trigger.current.getBoundingClientRect();
    const { style, offsetWidth: width, offsetHeight: height } = event.currentTarget;
    const below = button.bottom + GAP + height <= window.innerHeight;
    style.left = `${Math.max(GAP, button.right - width)}px`;
    style.top = `${below ? button.bottom + GAP : Math.max(GAP, button.top - GAP - height)}px`;
    items()[0]?.focus();
  }

  /** @param {import("react").KeyboardEvent} event */
  function walk(event) {
    const step = STEPS.get(event.key);
    if (!step) return;
    event.preventDefault();
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    all.at((at + step) % all.length)?.focus();
  }

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className="gl-button gl-button--quiet gl-button--small gl-button--icon gl-above"
        aria-label={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        <Ellipsis aria-hidden />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        className="gl-menu"
        onToggle={place}
        onKeyDown={walk}
        onClick={(event) => event.currentTarget.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}
