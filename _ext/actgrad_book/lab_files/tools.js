// What the lab's page needs once somebody writes in it: the language, LaTeX of trees, the plot.
import { evaluate, ParseError, read, written } from "./language.js";
import { latex } from "./latex.js";
import { Picture } from "./picture.js";

export default { evaluate, latex, ParseError, Picture, read, written };
