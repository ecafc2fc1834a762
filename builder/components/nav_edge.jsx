// On a phone the menu is wider than the screen: its edges fade where there is more, and the place one is at is in sight.
import { useEffect, useRef } from "react";

const FADE = "2.25rem";

export function NavEdge() {
  const mark = useRef(/** @type {HTMLSpanElement | null} */ (null));
  useEffect(() => {
    const nav = mark.current?.parentElement;
    if (!nav) return;
    const fade = () => {
      const left = nav.scrollLeft > 2;
      const right = nav.scrollLeft + nav.clientWidth < nav.scrollWidth - 2;
      nav.toggleAttribute("data-more", left || right);
      nav.style.setProperty("--gl-nav-left", left ? FADE : "0px");
      nav.style.setProperty("--gl-nav-right", right ? FADE : "0px");
    };
    const show = () => {
      if (nav.scrollWidth > nav.clientWidth) nav.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: "center", block: "nearest" });
      fade();
    };
    const places = new MutationObserver(show); // they come a moment after the page
    const size = new ResizeObserver(show);
    places.observe(nav, { childList: true });
    size.observe(nav);
    nav.addEventListener("scroll", fade, { passive: true });
    show();
    return () => {
      places.disconnect();
      size.disconnect();
      nav.removeEventListener("scroll", fade);
    };
  }, []);
  return <span ref={mark} hidden />;
}
