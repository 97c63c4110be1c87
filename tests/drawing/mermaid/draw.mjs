// Draws Mermaid texts with the real package: each line read is a text in JSON, each line written what came of it.
//
// A code host draws in a browser; here jsdom stands in for it, which knows no sizes, so all labels have the same.

import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true, url: "http://localhost/" });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) globalThis[name] = window[name];
}
globalThis.window = window;
const box = { x: 0, y: 0, width: 80, height: 20, top: 0, left: 0, right: 80, bottom: 20 };
window.Element.prototype.getBBox = () => ({ ...box });
window.Element.prototype.getBoundingClientRect = () => ({ ...box });
window.Element.prototype.getComputedTextLength = () => box.width;
window.SVGElement.prototype.getTotalLength = () => 100;
window.SVGElement.prototype.getPointAtLength = () => ({ x: 0, y: 0 });

const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict", logLevel: "fatal" });

const lines = (element) => {
  for (const br of element.querySelectorAll("br")) br.replaceWith("\n");
  return element.textContent;
};

const drawn = async (text) => {
  const { svg } = await mermaid.render("drawn", text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const page = document.createElement("div");
  page.innerHTML = svg;
  const nodes = {};
  for (const node of page.querySelectorAll("g.node")) {
    const name = /^(?:drawn-)?flowchart-(.*)-\d+$/.exec(node.id)[1];
    nodes[name] = { text: lines(node), classes: [...node.classList], shape: db.getVertices().get(name).type };
  }
  const edges = db.getEdges().map(({ start, end, stroke, style }) => ({ start, end, stroke, style: style ?? [] }));
  return {
    nodes,
    edges,
    title: page.querySelector("svg > title")?.textContent ?? "",
    description: page.querySelector("svg > desc")?.textContent ?? "",
    elements: [...new Set([...page.querySelectorAll("*")].map((element) => element.localName))].sort(),
  };
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await drawn(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error?.message ?? error) };
  }
  document.body.replaceChildren();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
