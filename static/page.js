// For every page: times in the person's own zone, buttons that copy, lists that are filtered, receipts and
// runs that are followed, two keys, buttons that wait until it is their time, and a warning before the session ends.

const longest = 30000;
// Milliseconds until a run may stand otherwise than a page says.
const soon = 5000;
// Seconds before its end at which a session is said to end.
const warning = 120;
// Who is no longer signed in is sent elsewhere, and that is an error where a session is asked for.
const only = { credentials: "same-origin", redirect: "error" };
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
const clocks = { minutes: new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }), seconds: new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" }) };

// As the server writes it, but for the zone.
function zoned(moment, precision = "minutes") {
  return `${day.format(moment)}, ${clocks[precision].format(moment)}`;
}

// As the server shortens them: British English has four letters for some.
const short = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short" });

function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-ago])")) {
    const moment = new Date(time.dateTime);
    time.title = time.textContent;
    time.textContent = "clock" in time.dataset ? clocks.minutes.format(moment) : zoned(moment, "seconds" in time.dataset ? "seconds" : "minutes");
  }
  for (const time of root.querySelectorAll("time[data-ago]")) {
    time.title = zoned(new Date(time.dateTime));
    time.lastElementChild.textContent = `, ${time.title}`;
  }
  countOn(root);
}

function counted(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

function dayOf(moment) {
  const { weekday, month } = Object.fromEntries(short.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${weekday} ${moment.getDate()} ${month}`;
}

// As the server says it: how long ago, or, when it was no longer today, the day.
function when(moment, now) {
  const minutes = Math.floor((now - moment) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${counted(minutes, "minute")} ago`;
  if (moment.toDateString() === now.toDateString()) return `${counted(Math.floor(minutes / 60), "hour")} ago`;
  const time = clocks.minutes.format(moment);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (moment.toDateString() === yesterday.toDateString()) return `Yesterday, ${time}`;
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  return `${dayOf(moment)}${year}, ${time}`;
}

// How long ago it was grows while a page is open.
function countOn(root) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    time.firstElementChild.textContent = when(new Date(time.dateTime), new Date());
  }
}

function countdown(left) {
  const parts = [[Math.floor(left / 60), "minute"], [left % 60, "second"]];
  return parts.filter(([number]) => number).map((part) => counted(...part)).join(" ");
}

// A button that would come too early waits, and says how long.
function holdBack(link) {
  const { href, textContent: words } = link;
  const end = Date.now() + Number(link.dataset.wait) * 1000;
  link.removeAttribute("href");
  link.setAttribute("role", "link");
  link.setAttribute("aria-disabled", "true");

  function tick() {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      link.textContent = `${words} in ${countdown(left)}`;
      setTimeout(tick, 1000);
      return;
    }
    link.href = href;
    link.textContent = words;
    link.removeAttribute("role");
    link.removeAttribute("aria-disabled");
  }

  tick();
}

// What is kept in this browser, where it lets anything be kept.
const kept = (() => {
  try {
    return localStorage;
  } catch {
    return {};
  }
})();

// Who speaks to the computer says keys without meaning them, and switches the single one off.
function offerSwitch(keys) {
  const box = keys.querySelector("input");
  keys.hidden = false;
  box.checked = kept.slash !== "off";
  box.addEventListener("change", () => {
    kept.slash = box.checked ? "on" : "off";
  });
}

// Where somebody types, a key is a letter. The box that finds something may be on another page.
function offerKeys(event) {
  const { key, target } = event;
  const held = event.ctrlKey || event.metaKey;
  if (key === "Enter" && held) document.getElementById("preview")?.click();
  if (key !== "/" || kept.slash === "off" || held || event.altKey) return;
  const box = document.querySelector("#q") ?? document.querySelector("input[type=search]");
  const typing = target.closest("input, textarea, select");
  // Some pages begin in the box that it leads to: there it is no letter of what is looked for, either.
  if (typing && (typing !== box || box.value)) return;
  const find = document.querySelector("[data-find]")?.dataset.find;
  if (!box && !find) return;
  event.preventDefault();
  if (box) box.focus();
  else location.assign(find);
}

function offerCopying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const block = button.parentElement;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("code").textContent);
      } catch {
        // The browser does not allow it: the text can still be marked by hand.
        return;
      }
      block.querySelector("[role=status]").textContent = "Copied";
      button.firstChild.textContent = "Copied";
    });
  }
}

// The list that a box filters follows what is typed, without a new page.
function offerFiltering(form) {
  let latest = 0;
  form.addEventListener("input", async () => {
    const number = ++latest;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("found");
    if (number !== latest || !found) return;
    localise(found);
    document.getElementById("found").replaceChildren(...found.childNodes);
    // Links to days go along with what else is looked for.
    document.getElementById("days")?.replaceChildren(...(page.getElementById("days")?.childNodes ?? []));
    // What can be gone back to, and shown to others.
    if (form.dataset.filter) history.replaceState(null, "", address);
  });
}

// What is waited for has ended when the page no longer says so.
async function follow(pause) {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const box = document.querySelector("#q");
    // Who has begun to type goes on by themselves.
    if (box && box.value !== box.defaultValue) return;
    if (answer.ok && !page.querySelector("[data-follow]")) return location.reload();
  } catch {
    // The next look may find Slipway again.
  }
  setTimeout(follow, pause, Math.min(pause * 1.2, longest));
}

// Runs that go on stand as they were last seen: how they stand by now comes by itself, as long as somebody looks.
async function followRuns(pause) {
  const going = [...document.querySelectorAll("[data-going]")];
  if (!going.length) return;
  if (!document.hidden) {
    try {
      const address = new URL(going[0].dataset.going, location.href);
      for (const { dataset } of going.slice(1)) address.searchParams.append("of", new URL(dataset.going, location.href).searchParams.get("of"));
      const answer = await fetch(address, only);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const before of answer.ok ? going : []) {
        const drawn = page.getElementById(before.id);
        // What somebody is about to use stays as it is.
        if (!drawn || before.contains(document.activeElement)) continue;
        before.replaceWith(drawn);
        localise(drawn);
      }
    } catch {
      // The next look may find Slipway again.
    }
  }
  setTimeout(followRuns, pause, Math.min(pause * 1.2, longest));
}

function endingWords(left, most) {
  const unkept = document.getElementById("ending").hasAttribute("data-unkept");
  if (left <= 0 && unkept) return "You are signed out. What is on this page is not kept: copy what you need, then sign in.";
  if (left <= 0) return "You are signed out. What is in a form is kept: press its button, sign in, and go on with it.";
  if (left >= most) return `You have been signed in for twelve hours, and will be signed out in two minutes. ${unkept ? "Save what is on this page before: it is not kept." : "What is in a form is kept."}`;
  return "You will be signed out in two minutes, since nothing has happened for a while.";
}

async function askSession(address, more = {}) {
  try {
    const answer = await fetch(address, { ...only, ...more });
    return await answer.json();
  } catch {
    return { left: 0, most: 0 };
  }
}

// Another tab may have kept the session, so what is left of it is asked for before anybody is warned.
function watchSession(ending) {
  const notice = ending.querySelector("template");
  let timer = 0;

  function tell({ left, most }) {
    const near = left <= warning;
    ending.replaceChildren(notice, ...(near ? [notice.content.cloneNode(true)] : []));
    if (left > 0) document.querySelector("#session-end time").textContent = zoned(Date.now() + left * 1000);
    if (near) {
      const form = ending.querySelector("form");
      form.hidden = left <= 0 || left >= most;
      form.onsubmit = stay;
      ending.querySelector("[data-words]").textContent = endingWords(left, most);
    }
    watch(left);
  }

  async function stay(event) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    tell(await askSession(event.target.action, { method: "POST", body }));
  }

  function watch(left) {
    clearTimeout(timer);
    if (left <= 0) return;
    const wait = left > warning ? left - warning : left + 1;
    timer = setTimeout(async () => tell(await askSession(ending.dataset.at)), wait * 1000);
  }

  watch(Number(ending.dataset.left));
}

// From the moment of sending on it is not true any more that nothing was sent. Back brings the page as it was left.
function showUnsent(shown) {
  for (const words of document.querySelectorAll("[data-unsent]")) words.hidden = !shown;
}

document.addEventListener("submit", ({ target, submitter }) => {
  const stays = submitter?.name === "button" || submitter?.hasAttribute("data-leaves");
  if (target.hasAttribute("data-sends") && !stays) showUnsent(false);
});
addEventListener("pageshow", () => showUnsent(true));

const ending = document.getElementById("ending");

localise(document);
setInterval(() => countOn(document), 30000);
offerCopying(document);
document.addEventListener("drawn", ({ target }) => localise(target));
document.addEventListener("redrawn", ({ detail: button }) => {
  const main = document.getElementById("main");
  localise(main);
  offerCopying(main);
  // Who asked for the link wants to have it copied.
  if (button === "link") main.querySelector("#link [data-copy]")?.click();
});
document.querySelectorAll("[data-filter]").forEach(offerFiltering);
document.querySelectorAll("[data-wait]").forEach(holdBack);
document.querySelectorAll("[data-keys]").forEach(offerSwitch);
document.addEventListener("keydown", offerKeys);
if (document.querySelector("[data-follow]")) setTimeout(follow, 2000, 2000);
setTimeout(followRuns, soon, soon);
if (ending) watchSession(ending);
