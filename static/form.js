// Saves page loads: a helper button's answer replaces the form in place. Without script the same button just posts.

const busy = "data-busy";
const plain = "data-plain";

async function redraw(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  // What is typed from here on would not be in the answer.
  form.inert = true;
  const answer = await fetch(button.formAction, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.getElementById("main");
  if (!main?.querySelector("#form")) throw new Error("The answer has no form");
  const opened = form.querySelector("details").open;
  document.title = page.title;
  document.getElementById("main").replaceWith(main);
  main.querySelector("details").open ||= opened;
  main.querySelector("[autofocus]")?.focus();
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "form" || form.hasAttribute(plain)) return;
  if (form.hasAttribute(busy)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(busy, "");
  if (!button?.hasAttribute("formaction")) return;
  event.preventDefault();
  redraw(form, button).catch(() => {
    form.inert = false;
    form.setAttribute(plain, "");
    form.requestSubmit(button);
  });
});

// Back brings the page as it was left: its form can be used again.
addEventListener("pageshow", () => {
  const form = document.getElementById("form");
  form?.removeAttribute(busy);
  form?.removeAttribute(plain);
});
