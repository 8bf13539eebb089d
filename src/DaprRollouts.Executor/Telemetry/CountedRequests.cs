using System.Globalization;

namespace DaprRollouts.Executor.Telemetry;

/// <summary>Counts requests to the API server by what they are about, as Argo Rollouts does.</summary>
internal sealed class CountedRequests : DelegatingHandler
{
    private const string NotApplicable = "N/A";

    // Names of these are few and come back; those of pods, ReplicaSets and events would be ever new series.
    private static readonly HashSet<string> Named = ["rollouts", "services", "analysistemplates", "clusteranalysistemplates", "leases"];

    /// <summary>What a request is about.</summary>
    internal sealed record Subject(string Kind, string Namespace, string Name, string Verb);

    /// <summary>What a request is about, by its method and address.</summary>
    internal static Subject SubjectOf(HttpMethod method, Uri address)
    {
        var path = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var root = Array.FindIndex(path, segment => segment is "api" or "apis");
        var words = root < 0 ? [] : path.Skip(root + (path[root] == "api" ? 2 : 3)).ToArray();
        var (ns, rest) = words is ["namespaces", var inside, _, ..] ? (inside, words[2..]) : (NotApplicable, words);
        var kind = rest is [var plural, ..] ? plural : "Unknown";
        var name = rest is [_, var single, ..] ? single : null;
        return new Subject(kind, ns, name is not null && Named.Contains(kind) ? name : NotApplicable, VerbOf(method, name, address.Query));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var subject = SubjectOf(request.Method, request.RequestUri!);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Count(subject, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            return response;
        }
        catch (HttpRequestException)
        {
            Count(subject, "0");
            throw;
        }
    }

    private static void Count(Subject subject, string status) =>
        ExecutorMetrics.ApiRequests.WithLabels(subject.Kind, subject.Namespace, subject.Name, subject.Verb, status).Inc();

    private static string VerbOf(HttpMethod method, string? name, string query) => method.Method switch
    {
        "GET" when query.Contains("watch=true", StringComparison.Ordinal) => "Watch",
        "GET" => name is null ? "List" : "Get",
        "POST" => "Create",
        "PUT" => "Update",
        "PATCH" => "Patch",
        "DELETE" => name is null ? "DeleteCollection" : "Delete",
        _ => "Unknown",
    };
}
