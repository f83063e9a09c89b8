// Hardware keys (WebAuthn): bytes and JSON of the browser's interface, and the button that asks the key.
const BASE64 = { "-": "+", _: "/" };

/** Bytes of a base64url text. */
export const decode = (text) => Uint8Array.from(atob(text.replace(/[-_]/g, (c) => BASE64[c])), (c) => c.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The credential as the JSON that the server reads; `fields` names the buffers of its response. */
function toJson(credential, fields) {
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(fields.map((name) => [name, encode(credential.response[name])])),
  });
}

/**
 * Ask the key when the form's button is pressed, then send the form with its answer.
 *
 * `input`: the hidden input that takes the answer. `ask`: gives the promise of a credential. `fields`: see `toJson`.
 * `errors`: a sentence for each name of a DOMException, `other` for the rest.
 */
export function askKeyOnSubmit(form, { input, ask, fields, errors, other }) {
  const button = form.querySelector("[data-key-button]");
  // Without this script a press would send an empty answer, so the button waits for it.
  button.disabled = false;
  const show = (sentence) => {
    const note = form.querySelector("[data-key-error]");
    note.hidden = false;
    note.querySelector("span").textContent = sentence;
  };
  button.addEventListener("click", async (event) => {
    if (input.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) return show("这个浏览器不支持优盾，请换用新版浏览器，并通过 https 网址访问。");
    try {
      input.value = toJson(await ask(), fields);
    } catch (error) {
      return show(errors[error.name] || other);
    }
    form.requestSubmit(button);
  });
}
