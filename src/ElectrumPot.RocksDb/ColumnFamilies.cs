// SPDX-License-Identifier: MIT

using System.Collections;

namespace RocksDbSharp;

/// <summary>The column families to open a database with. The default family, which every database has, is always among them.</summary>
public sealed class ColumnFamilies : IEnumerable<ColumnFamilies.Descriptor>
{
    public static readonly string DefaultName = "default";

    private readonly List<Descriptor> _descriptors = [];

    public ColumnFamilies(ColumnFamilyOptions? options = null)
        : this(new Descriptor(DefaultName, options ?? new ColumnFamilyOptions()))
    {
    }

    internal ColumnFamilies(Descriptor defaultFamily) => _descriptors.Add(defaultFamily);

    public IEnumerable<string> Names => _descriptors.Select(static descriptor => descriptor.Name);

    /// <summary>Adds a family; the default family's name replaces its options instead.</summary>
    /// <exception cref="ArgumentException">The name was added before.</exception>
    public void Add(Descriptor descriptor)
    {
        if (descriptor.Name == DefaultName)
        {
            _descriptors[0] = descriptor;
            return;
        }

        if (_descriptors.Exists(known => known.Name == descriptor.Name))
            throw new ArgumentException($"The column family '{descriptor.Name}' is named twice.", nameof(descriptor));
        _descriptors.Add(descriptor);
    }

    public void Add(string name, ColumnFamilyOptions options) => Add(new Descriptor(name, options));

    public IEnumerator<Descriptor> GetEnumerator() => _descriptors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public sealed class Descriptor
    {
        public Descriptor(string name, ColumnFamilyOptions options)
            : this(name, (OptionsHandle)options)
        {
        }

        internal Descriptor(string name, OptionsHandle options)
        {
            Name = name;
            Options = options;
        }

        public string Name { get; }

        internal OptionsHandle Options { get; }
    }
}
