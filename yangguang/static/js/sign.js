// Signs exactly what the page shows: the hardware key answers the challenge, the form sends the signature.
import { askKeyOnSubmit, decode } from "./webauthn.js";

function get(options) {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: decode(options.challenge),
      allowCredentials: options.allowCredentials.map((key) => ({ ...key, id: decode(key.id) })),
    },
  });
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  askKeyOnSubmit(form, {
    input: form.elements._assertion,
    ask: () => get(JSON.parse(form.dataset.sign)),
    fields: ["clientDataJSON", "authenticatorData", "signature"],
    errors: {
      NotAllowedError: "没有签名：等待超时、取消了操作，或插入的不是您登记的优盾。请重新插入后再试。",
      SecurityError: "没有签名：当前网址和优盾登记的网址不一致，请从平台首页重新进入。",
    },
    other: "没有签名：优盾没有应答，请拔下后重新插入再试。",
  });
}
