// What the lab's page needs once somebody writes in it: the language, formulas of trees, the plot.
import { evaluate, ParseError, read, written } from "./language.js";
import { mathml } from "./mathml.js";
import { Picture } from "./picture.js";

export default { evaluate, mathml, ParseError, Picture, read, written };
