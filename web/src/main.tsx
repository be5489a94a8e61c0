// The board: a case hour by hour, what-ifs, plan, reports, risk. Texts are text, never markup.
import { render } from "preact";
import "./styles/tokens.css";
import "./styles/page.css";
import { begin, board, draw } from "./data";
import { zone } from "./format";
import { Shell } from "./shell";
import { route } from "./state";
import { preferred, speak } from "./texts";

async function start(root: HTMLElement): Promise<void> {
  // before the board says which languages there are, the one of the link or of the browser is a fair guess
  const guess = route.value.language ?? preferred(["en", "uk"]);
  await speak(guess).catch(() => speak("en").catch(() => undefined));
  render(<Shell />, root);
  void draw();
  await begin();
  if (board.value) zone.value = board.value.case.time_zone;
}

const root = document.getElementById("board");
if (root) void start(root);
