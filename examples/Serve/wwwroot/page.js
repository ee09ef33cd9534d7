const byId = id => document.getElementById(id);
const [drop, file, photo, hint, status, answer] = ["drop", "file", "photo", "hint", "status", "answer"].map(byId);
let latest = 0;

async function classify(picture) {
  // Of several photos in quick succession, the last one is answered.
  const number = ++latest;
  const say = (text, isWrong) => {
    status.textContent = text;
    status.classList.toggle("wrong", isWrong);
  };
  answer.hidden = true;
  URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(picture);
  photo.alt = picture.name ?? "the photo";
  photo.hidden = false;
  hint.hidden = true;
  say("Looking …", false);
  try {
    const response = await fetch("classify", { method: "POST", body: picture });
    const body = await response.json().catch(() => ({}));
    if (number !== latest) return;
    if (!response.ok) return say(body.detail ?? `The server answered ${response.status}`, true);
    show(body);
    say("", false);
  } catch {
    if (number === latest) say("The server cannot be reached", true);
  }
}

function show(predictions) {
  const rows = predictions.map(({ label, probability }) => {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = label;
    const bar = document.createElement("i");
    bar.style.width = `${70 * probability}%`;
    const line = document.createElement("div");
    line.append(bar, `${(100 * probability).toFixed(1)} %`);
    const cell = document.createElement("td");
    cell.append(line);
    row.append(name, cell);
    return row;
  });
  answer.tBodies[0].replaceChildren(...rows);
  answer.hidden = false;
}

photo.onerror = () => { photo.hidden = true; hint.hidden = false; };
file.onchange = () => file.files[0] && classify(file.files[0]);
document.addEventListener("paste", event => event.clipboardData.files[0] && classify(event.clipboardData.files[0]));
for (const kind of ["dragenter", "dragover"])
  document.addEventListener(kind, event => { event.preventDefault(); drop.classList.add("over"); });
document.addEventListener("dragleave", event => event.relatedTarget ?? drop.classList.remove("over"));
document.addEventListener("drop", event => {
  event.preventDefault();
  drop.classList.remove("over");
  const picture = event.dataTransfer.files[0];
  if (picture) classify(picture);
});
