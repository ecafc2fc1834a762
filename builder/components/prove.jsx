// Asks for the password and sends it over plain HTTP: it never becomes part of what the page keeps.
import { useState } from "react";

/** @param {{ onDone?: () => void, onCancel?: () => void }} props */
export function ProveForm({ onDone, onCancel }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  /** @param {import("react").FormEvent<HTMLFormElement>} event */
  async function send(event) {
    event.preventDefault();
    event.stopPropagation();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setBusy(true);
    try {
      const answer = await fetch("/prove", { method: "POST", body: new URLSearchParams({ password }) });
      if (answer.ok) return onDone?.();
      setError((await answer.json()).message);
    } catch {
      setError("The server did not answer. Try again.");
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={send}>
      <div className="gl-dialog__body gl-fields">
        <div className="gl-field">
          <label className="gl-label" htmlFor="prove-password">Your password</label>
          <input className="gl-input" id="prove-password" name="password" type="password" autoComplete="current-password" required aria-invalid={error !== ""} aria-describedby="prove-password-help" />
          <p className={error ? "gl-error" : "gl-help"} id="prove-password-help" role={error ? "alert" : undefined}>
            {error || "Then do it again; nothing is lost. No password yet? Sign out, come in by a new link (on the server, “greenlane sign-in” prints one), and set one under Account."}
          </p>
        </div>
      </div>
      <footer className="gl-dialog__foot">
        <button type="button" className="gl-button gl-button--quiet" onClick={() => onCancel?.()}>Cancel</button>
        <button type="submit" className="gl-button gl-button--primary" aria-busy={busy}>It is me</button>
      </footer>
    </form>
  );
}
