namespace DaprRollouts.DevCluster.Resources;

/// <summary>The types of the built-in kinds, read from the embedded table kubernetes.types.</summary>
internal sealed class TypeTable
{
    private static readonly Lazy<TypeTable> Loaded = new(Load);

    private readonly Dictionary<string, Shape.Struct> _types = [];
    private readonly Dictionary<(string Group, string Version, string Kind), Shape.Struct> _kinds = [];

    public static TypeTable Kubernetes => Loaded.Value;

    public IEnumerable<Shape.Struct> Types => _types.Values;

    public IEnumerable<KeyValuePair<(string Group, string Version, string Kind), Shape.Struct>> Kinds => _kinds;

    public Shape.Struct OfKind(string group, string version, string kind) => _kinds[(group, version, kind)];

    public Shape.Struct OfType(string name)
    {
        if (!_types.TryGetValue(name, out var type))
        {
            _types[name] = type = new Shape.Struct(name);
        }
        return type;
    }

    private static TypeTable Load()
    {
        var table = new TypeTable();
        using var stream = typeof(TypeTable).Assembly.GetManifestResourceStream("kubernetes.types")
            ?? throw new InvalidOperationException("the table kubernetes.types is not embedded");
        using var reader = new StreamReader(stream);
        Shape.Struct? current = null;
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case [] or ["#", ..]:
                    break;
                case ["kind", var groupVersion, var kind, var type]:
                    var (group, version) = Split(groupVersion);
                    table._kinds[(group, version, kind)] = table.OfType(type);
                    break;
                case ["type", var name]:
                    current = table.OfType(name);
                    break;
                default:
                    var field = table.ReadField(words);
                    current!.Fields[field.Name] = field;
                    break;
            }
        }
        return table;
    }

    private static (string Group, string Version) Split(string groupVersion)
    {
        var slash = groupVersion.IndexOf('/');
        var group = groupVersion[..slash];
        return (group == "core" ? "" : group, groupVersion[(slash + 1)..]);
    }

    private FieldType ReadField(string[] words)
    {
        string? Marked(string mark) => Array.Find(words, w => w.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..];
        var patch = Marked("patch=") ?? "";
        return new FieldType(words[0], ReadShape(words[1]))
        {
            OmitsEmpty = words.Contains("omit"),
            IsRequired = words.Contains("required"),
            MergesItems = patch.StartsWith("merge", StringComparison.Ordinal),
            RetainsKeys = patch.EndsWith("retainKeys", StringComparison.Ordinal),
            MergeKey = Marked("key="),
            MapKeys = (Marked("keys=") ?? Marked("key="))?.Split(',') ?? [],
        };
    }

    private Shape ReadShape(string text)
    {
        if (text.StartsWith("[]", StringComparison.Ordinal))
        {
            return new Shape.List(ReadShape(text[2..]));
        }
        if (text.StartsWith("map:", StringComparison.Ordinal))
        {
            return new Shape.Map(ReadShape(text[4..]));
        }
        return text.Contains('.') ? OfType(text) : new Shape.Scalar(text);
    }
}
