// What other scripts of a page define: the explorers' modules by key; what search.js searches.

interface Window {
  actgradModules: Record<string, Record<string, (context: object) => unknown>>;
}

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
