using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>A refusal, as the Status object that tells the client.</summary>
internal sealed class ApiFailure(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    public string Reason => reason;

    public bool IsNamespaceTerminating => details.Objects("causes").Any(c => c.Text("reason") == "NamespaceTerminating");

    public JsonObject Status
    {
        get
        {
            var status = new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Failure",
                ["message"] = Message,
                ["reason"] = reason,
            };
            if (details is not null)
            {
                status["details"] = details.DeepClone();
            }
            status["code"] = code;
            return status;
        }
    }

    public static ApiFailure NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type, name));

    public static ApiFailure NoSuchPath() => new(
        404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiFailure AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists", Details(type, name));

    public static ApiFailure Conflict(ResourceType type, string name, string why) => new(
        409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {why}", Details(type, name));

    public static ApiFailure Outdated(ResourceType type, string name) => Conflict(
        type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiFailure BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiFailure MethodNotAllowed(string verb) =>
        new(405, "MethodNotAllowed", $"the server does not allow this method on the requested resource ({verb})", new JsonObject());

    public static ApiFailure Expired(string message) => new(410, "Expired", message);

    public static ApiFailure Unprocessable(string message) => new(422, "Invalid", message);

    public static ApiFailure NotAcceptable(string message) => new(406, "NotAcceptable", message);

    public static ApiFailure UnsupportedMediaType(string contentType, IEnumerable<string> supported) => new(
        415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", supported)} (got {contentType})");

    public static ApiFailure Forbidden(ResourceType type, string name, string why, JsonObject? cause = null)
    {
        var details = Details(type, name);
        if (cause is not null)
        {
            details["causes"] = new JsonArray(cause);
        }
        return new(403, "Forbidden", $"{type.QualifiedName} \"{name}\" is forbidden: {why}", details);
    }

    public static ApiFailure Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        var texts = errors.Select(e => e.ToString()).Distinct().ToArray();
        var text = texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var details = Details(type, name);
        details["kind"] = type.Kind;
        details["causes"] = new JsonArray([.. errors.Select(e => (JsonNode)e.Cause)]);
        return new(422, "Invalid", $"{kind} \"{name}\" is invalid: {text}", details);
    }

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }
        details["kind"] = type.Plural;
        return details;
    }
}
