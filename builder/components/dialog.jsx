// A native modal dialog: the browser keeps focus inside, closes on Escape and gives focus back to where it was.
import { useEffect, useId, useRef } from "react";
import X from "lucide-react/dist/esm/icons/x.mjs";

/**
 * What is inside exists only while it is open, so a form is fresh each time.
 * @param {{ open: boolean, title: string, wide?: boolean, onClose?: () => void, children?: import("react").ReactNode }} props
 */
export function Dialog({ open, title, wide = false, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) {
      element.showModal();
      // not the cross, which comes first: what people came for, or the way back
      /** @type {HTMLElement | null} */
      const first = element.querySelector(".gl-input, .gl-select, .gl-dialog__foot .gl-button");
      first?.focus();
    }
    if (!open && element.open) element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      className={wide ? "gl-dialog gl-dialog--wide" : "gl-dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose?.()}
    >
      {open && (
        <>
          <header className="gl-dialog__head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" className="gl-button gl-button--quiet gl-button--small gl-button--icon" aria-label="Close" onClick={() => onClose?.()}>
              <X aria-hidden />
            </button>
          </header>
          {children}
        </>
      )}
    </dialog>
  );
}
