// Looks every two seconds whether a submission that is being sent has ended, and then shows its receipt.

const pause = 2000;

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !page.querySelector("[data-follow]")) {
      location.reload();
      return;
    }
  } catch {
    // The next look may find Slipway again.
  }
  setTimeout(look, pause);
}

setTimeout(look, pause);
