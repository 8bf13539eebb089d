using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DaprRollouts.Tests.Contracts;

/// <summary>Writes what types look like in JSON as lines of text, one a member, with the types that they lead to.</summary>
internal sealed class PayloadText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly SortedDictionary<string, List<string>> _types = new(StringComparer.Ordinal);

    public static IEnumerable<string> Of(params IEnumerable<Type> roots)
    {
        var text = new PayloadText();
        foreach (var root in roots)
        {
            text.NameOf(root);
        }

        return text._types.SelectMany(t => t.Value.Prepend(t.Key));
    }

    private string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return NameOf(value);
        }

        var info = Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Object && type.Namespace!.StartsWith("DaprRollouts", StringComparison.Ordinal) && _types.TryAdd(type.Name, []))
        {
            Describe(info, _types[type.Name]);
        }

        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => $"list of {NameOf(info.ElementType!)}",
            JsonTypeInfoKind.Dictionary => $"map of {NameOf(info.ElementType!)}",
            _ => type.Name,
        };
    }

    private void Describe(JsonTypeInfo info, List<string> lines)
    {
        if (info.PolymorphismOptions is { } kinds)
        {
            lines.AddRange(kinds.DerivedTypes.Select(kind => $"  {kinds.TypeDiscriminatorPropertyName} = {kind.TypeDiscriminator}: {NameOf(kind.DerivedType)}"));
        }

        lines.AddRange(info.Properties.Where(p => p.Get is not null).Select(p => $"  {p.Name}: {NameOf(p.PropertyType)}"));
    }
}
