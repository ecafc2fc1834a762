// A menu of actions behind one button: a native popover, so it closes on Escape and on a click elsewhere.
import { useId, useRef } from "react";
import Ellipsis from "lucide-react/dist/esm/icons/ellipsis.mjs";

const GAP = 4;

export function Menu({ label, children }) {
  const id = useId();
  const trigger = useRef(null);
  const menu = useRef(null);

  const items = () => [...menu.current.querySelectorAll("[role=menuitem]:not(:disabled)")];

  function place(event) {
    if (event.newState !== "open") return;
    const button = trigger.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu.current;
    const below = button.bottom + GAP + height <= window.innerHeight;
    menu.current.style.left = `${Math.max(GAP, button.right - width)}px`;
    menu.current.style.top = `${below ? button.bottom + GAP : Math.max(GAP, button.top - GAP - height)}px`;
    items()[0]?.focus();
  }

  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = items();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
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
        onClick={() => menu.current.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}
