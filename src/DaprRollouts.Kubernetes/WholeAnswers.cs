namespace DaprRollouts.Kubernetes;

/// <summary>
/// Awaits all of an answer before it is handed on. KubernetesClient reads answers without awaiting them, and whenever the body comes later than the head, that holds up
/// a thread: many requests at once held up so many that the others waited for threads.
/// </summary>
internal sealed class WholeAnswers : DelegatingHandler
{
    /// <summary>Marks a request whose answer is read bit by bit, as that of a watch.</summary>
    public static readonly HttpRequestOptionsKey<bool> InParts = new("dapr-rollouts-in-parts");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Options.TryGetValue(InParts, out var inParts) && inParts)
        {
            return response;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
