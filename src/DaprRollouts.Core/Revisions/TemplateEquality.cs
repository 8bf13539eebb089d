using System.Globalization;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Images;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Revisions;

/// <summary>
/// Whether a ReplicaSet's pod template is a Rollout's, although the API server filled defaults into the ReplicaSet's (a custom resource gets
/// none) and a controller put its hash label there. That is how ReplicaSets made by Argo Rollouts are recognised.
/// </summary>
public static class TemplateEquality
{
    /// <summary>Values that the API server writes for members that a template leaves out, wherever they stand.</summary>
    private static readonly Dictionary<string, string[]> Defaults = new()
    {
        ["restartPolicy"] = ["Always"],
        ["dnsPolicy"] = ["ClusterFirst"],
        ["schedulerName"] = ["default-scheduler"],
        ["terminationGracePeriodSeconds"] = ["30"],
        ["terminationMessagePath"] = ["/dev/termination-log"],
        ["terminationMessagePolicy"] = ["File"],
        ["protocol"] = ["TCP"],
        ["scheme"] = ["HTTP"],
        ["timeoutSeconds"] = ["1"],
        ["periodSeconds"] = ["10"],
        ["successThreshold"] = ["1"],
        ["failureThreshold"] = ["3"],
        ["defaultMode"] = ["420"],
        ["apiVersion"] = ["v1"],
        ["divisor"] = ["0"],
        ["expirationSeconds"] = ["3600"],
        ["path"] = ["/"],
        ["type"] = [""],
        ["mountPropagation"] = ["None"],
        ["enableServiceLinks"] = ["true"],
        ["hostNetwork"] = ["false"],
        ["requests"] = [],
        ["service"] = [""],
    };

    /// <summary>Compares a ReplicaSet's template with a Rollout's.</summary>
    public static bool Same(JsonObject replicaSetTemplate, JsonObject rolloutTemplate)
    {
        var theirs = (JsonObject)replicaSetTemplate.DeepClone();
        if (theirs["metadata"]?["labels"] is JsonObject labels)
        {
            labels.Remove(ArgoNames.PodTemplateHash);
        }

        return Matches(theirs, rolloutTemplate);
    }

    private static bool Matches(JsonNode? theirs, JsonNode? ours)
    {
        if (Canonical.IsEmpty(theirs) || Canonical.IsEmpty(ours))
        {
            return Canonical.IsEmpty(theirs) && Canonical.IsEmpty(ours);
        }

        return (theirs, ours) switch
        {
            (JsonObject a, JsonObject b) => ObjectsMatch(a, b),
            (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Matches(pair.First, pair.Second)),
            (JsonValue a, JsonValue b) => ValuesMatch(a, b),
            _ => false,
        };
    }

    private static bool ObjectsMatch(JsonObject theirs, JsonObject ours)
    {
        foreach (var (name, value) in ours)
        {
            if (!Canonical.IsEmpty(value) && !Matches(theirs[name], value) && !IsServiceAccountAlias(name, theirs, value))
            {
                return false;
            }
        }

        return theirs.All(member => Canonical.IsEmpty(member.Value) || !Canonical.IsEmpty(ours[member.Key]) || IsDefault(member.Key, member.Value, theirs, ours));
    }

    private static bool IsServiceAccountAlias(string name, JsonObject theirs, JsonNode? value) =>
        name == "serviceAccount" && Matches(theirs["serviceAccountName"], value);

    private static bool IsDefault(string name, JsonNode? value, JsonObject theirs, JsonObject ours) => name switch
    {
        "serviceAccount" or "serviceAccountName" => Matches(value, ours["serviceAccountName"] ?? ours["serviceAccount"]),
        "requests" => Matches(value, ours["limits"]), // requests follow limits where only those are given
        "imagePullPolicy" => value?.ToString() == (IsLatest(theirs["image"]?.ToString()) ? "Always" : "IfNotPresent"),
        "hostPort" => Matches(value, theirs["containerPort"]),
        "securityContext" => Canonical.IsEmpty(value),
        _ => value is JsonValue && Defaults.TryGetValue(name, out var defaults) && defaults.Contains(value.ToString()),
    };

    private static bool IsLatest(string? image) => ImageReference.Parse(image) is { Tag: "latest" } or { Tag: null, Digest: null };

    private static bool ValuesMatch(JsonValue theirs, JsonValue ours)
    {
        var (a, b) = (theirs.ToString(), ours.ToString());
        if (a == b && theirs.GetValueKind() == ours.GetValueKind())
        {
            return true;
        }

        return Quantity(a) is { } x && Quantity(b) is { } y && x == y; // "0.5" is written back as "500m", 1 as "1"
    }

    private static decimal? Quantity(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept("+-.0123456789");
        var (number, suffix) = digits < 0 ? (text, "") : (text[..digits], text[digits..]);
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        decimal? factor = suffix switch
        {
            "" => 1,
            "n" => 1e-9m,
            "u" => 1e-6m,
            "m" => 1e-3m,
            "k" => 1e3m,
            "M" => 1e6m,
            "G" => 1e9m,
            "T" => 1e12m,
            "P" => 1e15m,
            "Ki" => 1024m,
            "Mi" => 1048576m,
            "Gi" => 1073741824m,
            "Ti" => 1099511627776m,
            "Pi" => 1125899906842624m,
            _ => null,
        };
        try
        {
            return value * factor;
        }
        catch (OverflowException)
        {
            return null; // too large to be a quantity of anything; the texts differ, so the values do
        }
    }
}
