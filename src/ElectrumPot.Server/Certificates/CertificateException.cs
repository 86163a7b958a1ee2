// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Certificates;

/// <summary>The certificate cannot be used; the message says which file and what to do. Nothing is ever overwritten.</summary>
internal sealed class CertificateException(string message, Exception? cause = null) : Exception(message, cause);
