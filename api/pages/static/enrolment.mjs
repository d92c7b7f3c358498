/** The code from the camera's picture stands behind the # of the address: it is typed by itself. */
import "./page.mjs";

const code = decodeURIComponent(location.hash.slice(1));
if (/^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code)) {
  document.getElementById("code").value = code;
  document.getElementById("pin").focus();
  history.replaceState(null, "", location.pathname + location.search);
}
