/** "Remind me on this device": asks the browser, and tells the server where notes go. Only adds to the page. */

const part = document.querySelector("[data-remind]");
const WORKER = "/static/push_worker.js";

/** Turn base64url into bytes, as older browsers want the key. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  const { key } = await (await fetch("/v1/push-key")).json();
  const worker = await navigator.serviceWorker.register(WORKER, { scope: "/static/" });
  const known = await worker.pushManager.getSubscription();
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const { endpoint, keys } = (known ?? (await worker.pushManager.subscribe(options))).toJSON();
  const response = await fetch(`/v1/bookings/${encodeURIComponent(part.dataset.remind)}/browser`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } }),
  });
  if (!response.ok) throw new Error(response.statusText);
}

if (part && "serviceWorker" in navigator && "PushManager" in window) {
  const button = part.querySelector("button");
  const news = part.querySelector("[role=status]");
  part.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
      await subscribe();
      button.hidden = true;
      news.textContent = part.dataset.done;
    } catch {
      button.disabled = false;
      news.textContent = part.dataset.failed;
    }
  });
}
