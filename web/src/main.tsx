import { render } from "preact";

const root = document.getElementById("board");
if (root) render(<h1>keepwarm</h1>, root);
