using k8s.Autorest;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>Gives failures of calls the types of this project.</summary>
internal static class ApiCall
{
    /// <summary>Makes a call.</summary>
    /// <exception cref="KubernetesApiException">It was refused, or the API server could not be reached.</exception>
    public static async Task<T> SendAsync<T>(string what, Func<Task<T>> send, CancellationToken cancel)
    {
        try
        {
            return await send();
        }
        catch (HttpOperationException e)
        {
            throw KubernetesApiException.Of((int)e.Response.StatusCode, e.Response.Content, what);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new KubernetesApiException(0, "Unreachable", $"{what}: the API server cannot be reached: {e.Message}", e);
        }
    }
}
