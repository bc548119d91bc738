// The chat as the whole page.

import { show } from "./shell.js";

show(document.querySelector("main"), document.title).catch(() => {}); // the page shows what failed
