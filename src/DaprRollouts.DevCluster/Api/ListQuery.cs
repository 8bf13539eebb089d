using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Api;

/// <summary>The options of a list or watch.</summary>
internal sealed record ListQuery
{
    /// <summary>As asked for; null if it was not.</summary>
    public long? Revision { get; init; }

    public string Match { get; init; } = "";

    public int Limit { get; init; }

    /// <summary>The object after which a continued list goes on.</summary>
    public (long Revision, string Namespace, string Name)? After { get; init; }

    public bool IsWatch { get; init; }

    public bool WantsBookmarks { get; init; }

    public bool SendsInitialEvents { get; init; }

    public TimeSpan? Timeout { get; init; }

    public static ListQuery From(Func<string, string?> query)
    {
        var result = new ListQuery
        {
            Revision = Whole(query, "resourceVersion"),
            Match = query("resourceVersionMatch") ?? "",
            Limit = (int)(Whole(query, "limit") ?? 0),
            After = query("continue") is { Length: > 0 } token ? ReadToken(token) : null,
            IsWatch = query("watch") is "true" or "1",
            WantsBookmarks = query("allowWatchBookmarks") is "true" or "1",
            SendsInitialEvents = query("sendInitialEvents") is "true" or "1",
            Timeout = Whole(query, "timeoutSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        result.Check();
        return result;
    }

    public static string Token(long revision, string ns, string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        JsonTree.Text(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = revision, ["ns"] = ns, ["start"] = name })));

    private void Check()
    {
        if (Match is not ("" or "Exact" or "NotOlderThan"))
        {
            throw Invalid(FieldError.NotSupported("resourceVersionMatch", $"\"{Match}\"", ["Exact", "NotOlderThan"]));
        }
        if (IsWatch)
        {
            if (Match.Length > 0 && !SendsInitialEvents)
            {
                throw Forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            return;
        }
        if (Match.Length > 0 && Revision is null)
        {
            throw Forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (Match == "Exact" && Revision == 0)
        {
            throw Forbidden("resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
        if (After is not null && Revision is > 0)
        {
            throw ApiFailure.BadRequest("specifying resource version is not allowed when using continue");
        }
    }

    private static ApiFailure Forbidden(string message) => Invalid(FieldError.Forbidden("resourceVersionMatch", message));

    private static ApiFailure Invalid(FieldError error) => new(
        422, "Invalid", $"ListOptions.meta.k8s.io \"\" is invalid: {error}",
        new JsonObject { ["group"] = "meta.k8s.io", ["kind"] = "ListOptions", ["causes"] = new JsonArray(error.Cause) });

    private static long? Whole(Func<string, string?> query, string name) => query(name) switch
    {
        null or "" => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw ApiFailure.BadRequest($"Invalid value: \"{text}\": {name} must be a whole number"),
    };

    private static (long, string, string) ReadToken(string token)
    {
        try
        {
            var json = JsonTree.Parse(Convert.FromBase64String(token));
            return (json.Number("rv")!.Value, json.Text("ns")!, json.Text("start")!);
        }
        catch (Exception error) when (error is FormatException or System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            throw ApiFailure.BadRequest($"continue key is not valid: {error.Message}");
        }
    }
}
