// Saves page loads: a helper button's answer replaces the form in place. Without script the same button just posts.

const busy = "data-busy";
const plain = "data-plain";

function unfolded(root) {
  return [...root.querySelectorAll("details[open]")].map((details) => details.id);
}

async function redraw(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  // What is typed from here on would not be in the answer.
  form.inert = true;
  const answer = await fetch(button.formAction, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.getElementById("main");
  if (!main?.querySelector("#form")) throw new Error("The answer has no form");
  const open = unfolded(form);
  document.title = page.title;
  document.getElementById("main").replaceWith(main);
  for (const id of open) main.querySelector(`#${id}`)?.setAttribute("open", "");
  main.querySelector("[autofocus]")?.focus();
}

function showProgress(form, button) {
  const words = button?.dataset.busyWords;
  if (!words) return;
  button.dataset.words = button.textContent;
  button.textContent = words;
  button.setAttribute("aria-disabled", "true");
  form.querySelector("#progress").textContent = "This can take up to 45 seconds. What you typed is kept.";
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "form" || form.hasAttribute(plain)) return;
  if (form.hasAttribute(busy)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(busy, "");
  if (!button?.hasAttribute("formaction")) {
    showProgress(form, button);
    return;
  }
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
  for (const button of form?.querySelectorAll("[data-words]") ?? []) {
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
});
