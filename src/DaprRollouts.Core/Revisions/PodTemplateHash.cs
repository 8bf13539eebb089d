using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DaprRollouts.Core.Revisions;

/// <summary>
/// The identity of a pod template. It is computed once, when the ReplicaSet is made, and from then on read from the ReplicaSet's label: a
/// later build may compute it in another way without re-rolling anything, since the templates are compared as well.
/// </summary>
public static class PodTemplateHash
{
    private const int Length = 10;

    // Letters and digits that spell no words, as in Kubernetes' names.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly ConditionalWeakTable<JsonObject, string> Known = [];

    /// <summary>The hash of a template: the same whatever the order of its members, and whether unset ones are left out, null or empty.</summary>
    /// <param name="template">The pod template; it must not be changed afterwards.</param>
    /// <param name="collisions">How often another template had the same hash already.</param>
    public static string Of(JsonObject? template, int? collisions = null)
    {
        if (template is null)
        {
            return Compute(null, collisions);
        }

        return collisions is null or 0 ? Known.GetValue(template, static t => Compute(t, null)) : Compute(template, collisions);
    }

    /// <summary>The hash of any JSON value, for example of a list of steps.</summary>
    public static string OfNode(JsonNode? node) => Compute(node, null);

    private static string Compute(JsonNode? node, int? collisions)
    {
        var canonical = new StringBuilder();
        Canonical.Write(node, canonical);
        if (collisions is > 0)
        {
            canonical.Append('#').Append(collisions.Value.ToString(CultureInfo.InvariantCulture));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString()), digest);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        return string.Create(Length, number, static (text, n) =>
        {
            foreach (ref var c in text)
            {
                c = Alphabet[(int)(n % (ulong)Alphabet.Length)];
                n /= (ulong)Alphabet.Length;
            }
        });
    }
}
