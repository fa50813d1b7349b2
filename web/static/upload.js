// How far a file has travelled. Without it the form is sent as any other.

/** The answer takes the place of the page; its address is the one that the server names for it. */
function show(request) {
  const address = request.getResponseHeader("Content-Location");
  if (address) history.pushState(null, "", address);
  document.open();
  document.write(request.responseText);
  document.close();
}

function sendWithProgress(form) {
  const [bar, output] = [form.querySelector("progress"), form.querySelector("output")];
  const button = form.querySelector("button");
  const say = (words) => {
    output.textContent = words;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
      say(`${output.dataset.sending} ${Math.floor((100 * loaded) / total)}%`);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      say(output.dataset.reading);
    });
    request.addEventListener("load", () => show(request));
    request.addEventListener("error", () => {
      bar.hidden = true;
      button.disabled = false;
      say(output.dataset.failed);
    });
    const content = new FormData(form);
    bar.hidden = output.hidden = false;
    button.disabled = true;
    say(output.dataset.sending);
    request.open("POST", form.action);
    request.send(content);
  });
}

document.querySelectorAll("form[data-progress]").forEach(sendWithProgress);
