// Registers a new hardware key: the browser creates a credential, the form sends it.
import { askKeyOnSubmit, decode } from "./webauthn.js";

function create(options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: decode(options.challenge),
      user: { ...options.user, id: decode(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((key) => ({ ...key, id: decode(key.id) })),
    },
  });
}

for (const form of document.querySelectorAll("form[data-bind]")) {
  askKeyOnSubmit(form, {
    input: form.elements._attestation,
    ask: () => create(JSON.parse(form.dataset.bind)),
    fields: ["clientDataJSON", "attestationObject"],
    errors: {
      NotAllowedError: "没有绑定：等待超时、取消了操作，或没有输入 PIN。请重新插入后再试。",
      InvalidStateError: "没有绑定：这把优盾已经绑定过。",
      SecurityError: "没有绑定：当前网址不是平台的网址，请从平台首页重新进入。",
    },
    other: "没有绑定：优盾没有应答，请拔下后重新插入再试。",
  });
}
