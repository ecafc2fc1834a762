/** What every field of a step's form needs to know about the step. */
import { createContext, useContext } from "react";

/**
 * @typedef {{ step: string, title: string, problems: import("../core/document.js").Problem[], focus: string, labels: Record<string, import("../core/document.js").Label>,
 *   relabel: (part: string, label: import("../core/document.js").Label | null) => void, within?: boolean }} Form `within`: a setting that is read inside its container
 */

export const FormContext = createContext(/** @type {Form | null} */ (null));

export function useForm() {
  const form = useContext(FormContext);
  if (!form) throw new Error("A field stands inside <FormContext.Provider>.");
  return form;
}
