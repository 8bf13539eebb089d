using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Names, labels and owners as every object must have them.</summary>
internal static partial class MetadataRules
{
    private const int MaxAnnotations = 256 * 1024;

    private const string SubdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelMessage =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static IEnumerable<FieldError> Validate(ResourceType type, JsonObject content)
    {
        var metadata = content["metadata"];
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else if (type.Group == "rbac.authorization.k8s.io" ? name.Contains('/') : !Subdomain().IsMatch(name) || name.Length > 253)
        {
            yield return FieldError.Quoted("metadata.name", name, SubdomainMessage);
        }
        foreach (var error in Labels(metadata.Object("labels"), "metadata.labels"))
        {
            yield return error;
        }
        if ((metadata.Object("annotations") ?? []).Sum(a => a.Key.Length + (a.Value.AsText()?.Length ?? 0)) > MaxAnnotations)
        {
            yield return new FieldError("FieldValueTooLong", "metadata.annotations", $"Too long: must have at most {MaxAnnotations} bytes");
        }
        var owners = metadata.Objects("ownerReferences").ToArray();
        for (var i = 0; i < owners.Length; i++)
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owners[i].Text(field)))
                {
                    yield return FieldError.Quoted($"metadata.ownerReferences[{i}].{field}", "", $"{field} must not be empty");
                }
            }
        }
        if (owners.Count(o => o.Flag("controller") == true) > 1)
        {
            yield return FieldError.Invalid("metadata.ownerReferences", "[]", "Only one reference can have Controller set to true");
        }
    }

    public static IEnumerable<FieldError> Labels(JsonObject? labels, string path)
    {
        foreach (var (key, value) in labels ?? [])
        {
            if (!QualifiedName().IsMatch(key))
            {
                yield return FieldError.Quoted(path, key, "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character");
            }
            var text = value.AsText() ?? "";
            if (!LabelValue().IsMatch(text))
            {
                yield return FieldError.Quoted(path, text, LabelMessage);
            }
            else if (text.Length > 63)
            {
                yield return FieldError.Quoted(path, text, "must be no more than 63 characters");
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex QualifiedName();
}
