// Warns two minutes before the session ends. Another tab may have kept it, so what is left is asked for first.

const warning = 120;
const zoned = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
const ending = document.getElementById("ending");
const notice = ending.querySelector("template");
// Who is no longer signed in is sent elsewhere, and that is an error here.
const only = { credentials: "same-origin", redirect: "error" };
let timer = 0;

function words(left, most) {
  if (left <= 0) return "You are signed out. What is in a form is kept: press its button, sign in, and go on with it.";
  if (left >= most) return "You have been signed in for twelve hours, and will be signed out in two minutes. What is in a form is kept.";
  return "You will be signed out in two minutes, since nothing has happened for a while.";
}

async function ask(address, more = {}) {
  try {
    const answer = await fetch(address, { ...only, ...more });
    return await answer.json();
  } catch {
    return { left: 0, most: 0 };
  }
}

function tell({ left, most }) {
  const near = left <= warning;
  ending.replaceChildren(notice, ...(near ? [notice.content.cloneNode(true)] : []));
  if (left > 0) document.querySelector("#until time").textContent = zoned.format(Date.now() + left * 1000);
  if (near) {
    const form = ending.querySelector("form");
    form.hidden = left <= 0 || left >= most;
    form.onsubmit = stay;
    ending.querySelector("[data-words]").textContent = words(left, most);
  }
  watch(left);
}

async function stay(event) {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  tell(await ask(event.target.action, { method: "POST", body }));
}

function watch(left) {
  clearTimeout(timer);
  if (left <= 0) return;
  const wait = left > warning ? left - warning : left + 1;
  timer = setTimeout(async () => tell(await ask(ending.dataset.at)), wait * 1000);
}

watch(Number(ending.dataset.left));
