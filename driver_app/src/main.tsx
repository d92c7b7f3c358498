import { render } from "preact";
import { ServerClock } from "./clock.ts";
import { Device } from "./db.ts";
import { installWorker } from "./device.ts";
import { Session } from "./session.ts";
import { App } from "./views/App.tsx";
import { NoStorage } from "./views/NoStorage.tsx";

const root = document.querySelector("#app");
if (root === null) throw new Error("index.html has no #app");

installWorker().catch((error: unknown) => console.warn("no service worker:", error));
Device.open().then(
  (device) => {
    const session = new Session(device, new ServerClock(Date.now, localStorage));
    render(<App session={session} />, root);
    return session.start();
  },
  () => render(<NoStorage />, root),
);
