// The board: a case hour by hour, what-ifs, plan, reports, risk. Texts are text, never markup.
import { render } from "preact";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/now.css";
import { begin } from "./data";
import { Shell } from "./shell";
import { route } from "./state";
import { preferred, speak } from "./texts";

async function start(root: HTMLElement): Promise<void> {
  // before the board says which languages there are, the one of the link or of the browser is a fair guess
  const guess = route.value.language ?? preferred(["en", "uk"]);
  await speak(guess).catch(() => speak("en").catch(() => undefined));
  render(<Shell />, root);
  await begin();
}

const root = document.getElementById("board");
if (root) void start(root);
