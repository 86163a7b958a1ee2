// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

// Every native signature is blittable, so the generated stubs call straight through.
[assembly: DisableRuntimeMarshalling]
