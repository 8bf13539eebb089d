using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Keeps the Endpoints and the EndpointSlice of each Service that selects pods.</summary>
internal sealed class ServiceEndpoints : IAsyncDisposable
{
    private readonly ControllerContext _context;
    private readonly ResourceType _services;
    private readonly ResourceType _endpoints;
    private readonly ResourceType _slices;
    private readonly Worker<ObjectKey> _worker;

    // Only touched under the store's lock, in the order of the changes.
    private readonly Dictionary<string, Dictionary<string, LabelSelector>> _selectors = [];

    public ServiceEndpoints(ControllerContext context)
    {
        _context = context;
        _services = context.Type("", "services");
        _endpoints = context.Type("", "endpoints");
        _slices = context.Type("discovery.k8s.io", "endpointslices");
        _worker = new Worker<ObjectKey>(context, Reconcile);
        var services = context.ShelfOf(_services);
        var pods = context.ShelfOf(context.Registry.Catalog.Pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == services)
            {
                NoticeService(change);
            }
            else if (shelf == pods)
            {
                NoticePod(change);
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void NoticeService(Change change)
    {
        var key = change.Object.Key;
        if (!_selectors.TryGetValue(key.Namespace, out var inNamespace))
        {
            _selectors[key.Namespace] = inNamespace = [];
        }
        inNamespace.Remove(key.Name);
        if (change.Kind != ChangeKind.Deleted && change.Object.Spec.Object("selector") is { Count: > 0 } selector)
        {
            inNamespace[key.Name] = LabelSelector.FromMap(selector);
        }
        _worker.Queue.Add(key);
    }

    private void NoticePod(Change change)
    {
        if (!_selectors.TryGetValue(change.Object.Key.Namespace, out var inNamespace))
        {
            return;
        }
        foreach (var (name, selector) in inNamespace)
        {
            if (selector.Matches(change.Object.Labels) || (change.Previous is { } before && selector.Matches(before.Labels)))
            {
                _worker.Queue.Add(new ObjectKey(change.Object.Key.Namespace, name));
            }
        }
    }

    private void Reconcile(ObjectKey key)
    {
        var service = _context.Registry.Find(_services, key);
        if (service is null)
        {
            if (_context.Registry.Find(_endpoints, key) is { } left)
            {
                _context.Registry.Delete(_endpoints, key, new DeleteOptions { Uid = left.Uid }, ControllerContext.Writer);
            }
            return;
        }
        if (service.IsDeleting || service.Spec.Object("selector") is not { Count: > 0 } map)
        {
            return;
        }
        var selector = LabelSelector.FromMap(map);
        var pods = _context.Registry.View(_context.Registry.Catalog.Pods).In(key.Namespace)
            .Where(p => selector.Matches(p.Labels) && p.IsActive() && p.Status.Text("podIP") is not null)
            .OrderBy(p => p.Status.Text("podIP"), StringComparer.Ordinal).ToList();
        WriteEndpoints(service, pods);
        WriteSlice(service, pods);
    }

    private void WriteEndpoints(StoredObject service, List<StoredObject> pods)
    {
        var subsets = EndpointSubsets.Of(service, pods);
        var labels = service.Content.At("metadata", "labels");
        if (_context.Registry.Find(_endpoints, service.Key) is null)
        {
            var metadata = new JsonObject { ["name"] = service.Key.Name };
            metadata.SetOrRemove("labels", labels?.DeepClone());
            var content = new JsonObject { ["metadata"] = metadata };
            content.SetOrRemove("subsets", subsets);
            _context.Registry.Create(_endpoints, service.Key.Namespace, content, ControllerContext.Writer);
            return;
        }
        _context.Registry.Update(
            _endpoints, service.Key,
            content =>
            {
                content.Ensure("metadata").SetOrRemove("labels", labels?.DeepClone());
                content.SetOrRemove("subsets", subsets.DeepClone());
                return content;
            },
            ControllerContext.Writer);
    }

    private void WriteSlice(StoredObject service, List<StoredObject> pods)
    {
        var ports = EndpointSubsets.SlicePorts(service, pods);
        var endpoints = EndpointSubsets.SliceEndpoints(pods);
        var existing = _context.ControlledBy(service, _slices).FirstOrDefault();
        if (existing is null)
        {
            _context.Registry.Create(_slices, service.Key.Namespace, EndpointSubsets.NewSlice(service, ports, endpoints), ControllerContext.Writer);
            return;
        }
        _context.Registry.Update(
            _slices, existing.Key,
            content =>
            {
                content["ports"] = ports.DeepClone();
                content["endpoints"] = endpoints.DeepClone();
                return content;
            },
            ControllerContext.Writer);
    }
}
