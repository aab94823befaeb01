// Keeps what is typed: on leaving a field, every ten seconds while typing, and when the page is left.
// A kept draft's mark goes into the form, so that an older page never writes over a newer one.

const pause = 10000;
let kept = "";
let saving = false;
let timer = 0;

function content(form) {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("draft");
  return fields.toString();
}

async function save(leaving = false) {
  const form = document.getElementById("form");
  if (!form || saving || form.hasAttribute("data-busy")) return;
  const now = content(form);
  if (now === kept) return;
  saving = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin", keepalive: leaving });
    if (answer.ok || answer.status === 409) kept = now;
    const told = form.querySelector("#kept");
    if (answer.status === 200) {
      form.elements.draft.value = (await answer.json()).draft;
      told.textContent = `Draft kept at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}. Nothing has been sent.`;
    } else if (answer.status === 409) {
      told.textContent = "This form was sent, or changed on another page: what you type here is not kept until you press a button.";
    }
  } catch {
    // The next save takes this along.
  } finally {
    saving = false;
  }
}

function started() {
  const form = document.getElementById("form");
  if (form) kept = content(form);
}

document.addEventListener("input", (event) => {
  if (event.target.form?.id !== "form" || timer) return;
  timer = setTimeout(() => {
    timer = 0;
    save();
  }, pause);
});
document.addEventListener("change", (event) => event.target.form?.id === "form" && save());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));

started();
