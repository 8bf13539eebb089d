using System.Text.Json.Nodes;

namespace DaprRollouts.DevCluster.Api;

/// <summary>What is wrong with one field, in the words of Kubernetes.</summary>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public JsonObject Cause => new() { ["reason"] = Reason, ["message"] = Message, ["field"] = Field };

    public static FieldError Required(string field, string message = "") =>
        new("FieldValueRequired", field, message.Length == 0 ? "Required value" : $"Required value: {message}");

    public static FieldError Invalid(string field, string value, string message) =>
        new("FieldValueInvalid", field, $"Invalid value: {value}: {message}");

    public static FieldError Quoted(string field, string value, string message) => Invalid(field, $"\"{value}\"", message);

    public static FieldError NotSupported(string field, string value, IEnumerable<string> supported) => new(
        "FieldValueNotSupported", field,
        $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public static FieldError Forbidden(string field, string message) => new("FieldValueForbidden", field, $"Forbidden: {message}");

    public override string ToString() => $"{Field}: {Message}";
}
