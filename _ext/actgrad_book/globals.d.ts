// What the scripts that stand before `search.js` in the search page define.

/** A section of a page, as `search.py` writes it. */
interface Section {
  anchor: string;
  heading: string;
  text: string;
  code: string;
}

interface Page {
  url: string;
  title: string;
  keywords: string;
  weight: number;
  sections: Section[];
}

declare const PAGES: Page[];
declare const MiniSearch: typeof import("minisearch").default;
